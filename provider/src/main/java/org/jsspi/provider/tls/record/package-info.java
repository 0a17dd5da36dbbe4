/**
 * The record layer of TLS 1.3: header, data, trailer (RFC 8446 section 5).
 *
 * <pre>
 * | header 5 | data n | type 1 | tag 16 |
 * </pre>
 *
 * <p>{@link org.jsspi.provider.tls.record.RecordWriter} and {@link org.jsspi.provider.tls.record.RecordReader} are the two
 * directions of a connection, each with one Cipher. They work on the caller's memory through the lists of
 * {@link org.jsspi.StreamContext} and own no buffers; what cannot go from one array to another in one pass borrows
 * scratch memory for the length of the call. {@link org.jsspi.provider.tls.record.RecordFormat} is the pure look at a header
 * that comes before anything is touched. A protection with an explicit nonce is another {@code RecordProtection}: header and
 * trailer lengths are asked of it.
 *
 * <h2>Which way the bytes go, and what it costs</h2>
 *
 * Throughput of one record, filling the list included, where the bare Cipher from array to array is 1: AES-128-GCM of SunJCE,
 * x86-64 with VAES, best of 100 alternating rounds of thread CPU time ({@code RecordMeasurement} among the tests).
 *
 * <pre>
 *                         16 KiB        1 KiB         64 B
 * JDK                     17    25      17    25      17    25
 * seal heap to heap       1.00  0.97    0.91  0.90    0.89  0.90   update, then doFinal of the type; small: copy, in place
 * seal in place           1.00  0.97    0.94  0.96    0.92  0.91
 * seal direct to heap     0.98  0.93    0.91  0.94    0.88  0.89   copy into the target, in place
 * seal direct to direct   0.82  0.71    0.87  0.84    0.84  0.81   through one scratch array, in place
 * open heap to heap       1.03  1.02    0.87  0.84    0.81  0.83   straight into the target
 * open, target exact      0.88  0.82    0.76  0.79    0.71  0.77   into scratch, copied when judged, scratch zeroed
 * open in place           0.73  0.64    0.72  0.76    0.73  0.76   as before; the figure holds a copy of the record besides
 * open direct to heap     0.92  0.90    0.83  0.78    0.80  0.80   copy of the ciphertext, straight into the target
 * open direct to direct   0.80  0.71    0.71  0.71    0.66  0.72   through two scratch arrays
 * </pre>
 *
 * About 16 ns of each record are the filling of the list. Nothing is allocated beyond what the Cipher takes by itself and
 * its parameter object: 1.0 KB a record.
 *
 * <p>Opening never decrypts in place although it would save an array: SunJCE's fast GCM code serves separate arrays only
 * when it decrypts. Direct memory is never handed to a Cipher: SunJCE takes it in pieces of some hundred bytes.
 */
package org.jsspi.provider.tls.record;
