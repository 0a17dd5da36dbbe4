/**
 * The messages of TLS as values: what is on the wire, and no policy.
 *
 * <p>A message is a record that is decoded whole, printed and encoded alone; whether it is welcome is judged by the
 * handshake. Decoding checks what the bytes alone can tell: the bounds of every vector in the presentation language of
 * RFC 8446, no bytes behind the last field, no extension twice, and each known extension only in the messages that
 * RFC 8446 4.2 allows it in. What this package does not know stays as it came: unknown suites, groups and schemes are
 * numbers in their lists, unknown extensions are raw bytes in their place, so every accepted message encodes to the
 * bytes it was decoded from.
 *
 * <p>Errors of form come from {@code wire} as {@code SEC_E_INVALID_TOKEN} without an alert, which TLS answers with
 * decode_error; errors of meaning carry their alert from {@link org.jsspi.provider.tls.message.AlertDescription}.
 *
 * <p>Records with array components own their arrays: nobody writes to an array after it was given to a constructor or
 * taken from an accessor.
 */
package org.jsspi.provider.tls.message;
