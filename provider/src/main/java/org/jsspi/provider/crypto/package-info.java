/** The primitives of the protocols, chosen from JCA and bcprov. */
package org.jsspi.provider.crypto;
