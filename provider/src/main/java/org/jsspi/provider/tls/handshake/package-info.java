/**
 * The TLS 1.3 handshake (RFC 8446), both roles, as states: each holds exactly what it may use, takes one message and
 * returns the next. What has to happen outside - sending, changing keys, telling the application - is said through
 * {@link org.jsspi.provider.tls.handshake.Effects}; nothing here knows of records, so a transport with other records
 * can drive the same states.
 *
 * <p>A driver starts with {@link org.jsspi.provider.tls.handshake.ClientHandshake} or {@link
 * org.jsspi.provider.tls.handshake.ServerHandshake}, gives every arriving message to the current {@link
 * org.jsspi.provider.tls.handshake.State}, runs the work of a {@link org.jsspi.provider.tls.handshake.Busy} state
 * wherever it likes, and ends with a {@link org.jsspi.provider.tls.handshake.Connected}. When a call throws, the
 * handshake has failed: the driver destroys the state it called, which wipes every secret of the handshake.
 *
 * <p>States are not thread-safe. One thread at a time uses them, and whoever hands one to another thread publishes it
 * safely.
 *
 * <p>Decisions: pre-shared keys, from outside or of a session, are used with (EC)DHE only, so every connection has forward
 * secrecy. Early data is never accepted and never sent. Post-handshake authentication is never offered. A server sends
 * HelloRetryRequest only for want of a key share, and no cookie with it.
 */
package org.jsspi.provider.tls.handshake;
