/**
 * The keys of session tickets in a cache of JSR 107, so that the servers of a cluster resume each other's sessions.
 *
 * <p>The cache is a meeting point and nobody's authority: what lies in it is sealed under a key that it does not have. Who can read
 * the cache learns no ticket key, who can write it cannot slip one in, and so nobody can make up the identity of a client there.
 * What an attacker in the cache, or a cache that is lost, can bring about is full handshakes.
 */
package org.jsspi.jcache;
