/**
 * Bytes as protocols lay them out: a {@link org.jsspi.provider.wire.Reader} that never reads past its end and a
 * {@link org.jsspi.provider.wire.Writer} whose calls nest as the wire nests; and the
 * {@link org.jsspi.provider.wire.Pool} of what they and others use again, and the bounded memory of what was
 * {@link org.jsspi.provider.wire.RecentlyUsed}.
 *
 * <p>This package knows numbers, vectors and bounds, and no protocol. What does not fit is one error,
 * {@code SEC_E_INVALID_TOKEN} of kind {@code PROTOCOL}, without an alert: the protocol that reads the bytes decides what
 * its peer is told.
 */
package org.jsspi.provider.wire;
