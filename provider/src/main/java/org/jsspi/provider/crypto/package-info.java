/**
 * The primitives of the protocols: chosen and adapted here, never written here.
 *
 * <p>This is the only package that uses bcprov. Nothing in it looks up a provider, or builds a table, when a class is
 * initialised; each choice is made on first use and kept.
 *
 * <h2>Who serves what</h2>
 *
 * Speed of bcprov's lightweight API where the JDK's is 1, as {@code PrimitiveMeasurement} in the tests of this package
 * prints it (bcprov 1.86; medians of alternating rounds on a loaded machine, so read them as "about"):
 *
 * <table>
 * <caption>bcprov against the JDK</caption>
 * <tr><th>primitive</th><th>JDK 17</th><th>JDK 25</th><th>chosen</th></tr>
 * <tr><td>X25519 generate / agree</td><td>5.1 / 1.9</td><td>6.2 / 2.0</td><td>bcprov</td></tr>
 * <tr><td>P-256 generate / agree</td><td>6.3 / 4.9</td><td>1.9 / 4.7</td><td>bcprov</td></tr>
 * <tr><td>P-384 generate / agree</td><td>4.8 / 3.3</td><td>4.3 / 2.8</td><td>bcprov</td></tr>
 * <tr><td>P-521 generate / agree</td><td>4.0 / 2.7</td><td>4.3 / 2.7</td><td>bcprov</td></tr>
 * <tr><td>ECDSA P-256 verify, new / known key</td><td>5.7 / 13</td><td>2.4 / 7.0</td><td>bcprov</td></tr>
 * <tr><td>ECDSA P-384 verify, new / known key</td><td>4.0 / 8.8</td><td>3.2 / 8.2</td><td>bcprov</td></tr>
 * <tr><td>ECDSA P-521 verify, new / known key</td><td>3.1 / 9.6</td><td>2.9 / 6.9</td><td>bcprov</td></tr>
 * <tr><td>Ed25519 / Ed448 verify, known key</td><td>8.1 / 7.2</td><td>9.1 / 7.5</td><td>bcprov</td></tr>
 * <tr><td>ECDSA sign, P-256 / P-384 / P-521, unblinded</td><td>6.5 / 5.1 / 4.6</td><td>2.0 / 5.0 / 4.6</td><td>bcprov, blinded: see
 * below</td></tr>
 * <tr><td>Ed25519 / Ed448 sign</td><td>8.0 / 8.9</td><td>11 / 10</td><td>JCA, see below</td></tr>
 * <tr><td>RSA-2048 PSS sign / verify</td><td>0.9 / 0.9</td><td>0.9 / 0.9</td><td>JCA</td></tr>
 * <tr><td>SHA-256 / HMAC-SHA256 of an HKDF label</td><td>0.14 / 0.3</td><td>0.15 / 0.3</td><td>JCA</td></tr>
 * <tr><td>AES-128-GCM / ChaCha20-Poly1305, 16 KiB</td><td>0.02 / 0.5</td><td>0.01 / 0.07</td><td>JCA</td></tr>
 * <tr><td>ML-KEM-768 generate / encapsulate / decapsulate</td><td>-</td><td>0.6 / 0.6 / 0.55</td><td>JDK where it has it,
 * otherwise bcprov</td></tr>
 * </table>
 *
 * <h2>The first operations of a JVM</h2>
 *
 * What is chosen above is for a JVM that stays. bcprov's first operation costs it about half a second of CPU time: a signed jar is opened and
 * verified, tables are built, and the compiler has new code. {@link org.jsspi.provider.crypto.ColdStart} therefore lets SunEC serve
 * the first operations on each curve, X25519, P-256, P-384 and P-521, for ECDH and for ECDSA, as many as together cost what bcprov's
 * start costs; a thread then loads bcprov, which serves from there on. It is the JDK's own SunEC or nobody, and
 * a provider that is preferred, or that a property names, {@code bcprov} too, is never kept waiting. Whoever computes,
 * SunEC, bcprov or a preferred provider, the encoding of a signature, the range of its numbers and the curve's equation for
 * shares and keys are judged here. Where the x-coordinate of a signature's point may be above the order, which the SunEC of JDK 17
 * takes for a wrong signature, bcprov judges. Where bcprov does not load, SunEC goes on. X448, EdDSA, ML-DSA, HPKE and, on a JDK without it, ML-KEM are bcprov's from the first operation on.
 *
 * <h2>Curves</h2>
 *
 * ECDH multiplies the peer's point with bcprov's constant-time multiplier, not with the curve's default, whose timing
 * depends on the scalar; that costs between nothing and two fifths of the agreement. X25519 and X448 are ladders.
 *
 * <h2>Signing with a long-lived key in software</h2>
 *
 * Signatures of a server's key are what an attacker can time at will, so bcprov signs with such a key only where the
 * handling of the secret scalar is fixed-base, cache-safe and blinded. Review of bcprov 1.86 (its sources shortly before
 * the release, and the released byte code of generateSignature), ECDSASigner and
 * FixedPointCombMultiplier on the custom NIST curves:
 *
 * <ul>
 * <li>Fixed base: yes. The comb works on a table of multiples of the generator alone; the number of its steps depends
 *     on the curve only, and no step is skipped.
 * <li>Cache-safe: yes. A table entry is read by a masked scan of the whole table; on P-256 by that of
 *     {@link org.jsspi.provider.crypto.P256Curve}, which is ours.
 * <li>Blinded: not by itself. The nonce is fresh for each signature, its inverse is computed in a fixed number of steps, products
 *     with the key are Montgomery products of fixed length, and the inversion of the result's z-coordinate is blinded.
 *     But the field arithmetic below the comb reduces with branches on the
 *     carry ({@code if (c != 0 || ...)} in SecP256R1Field and its siblings), so the time of one multiplication depends, a
 *     little, on its scalar; and a few bits of many nonces give the key away. Therefore the comb never sees the nonce:
 *     {@link org.jsspi.provider.crypto.BlindedMultiplier} splits it into two shares, each uniformly random, and adds the two
 *     points. What one multiplication takes is then independent of the nonce, and so is the mean of both together; the
 *     sum starts from two random points, so that its coordinates are randomised too.
 * </ul>
 *
 * Measured on P-256 and JDK 17, 30,000 multiplications of each kind, nonces with 8, 64 or 224 leading zero bits, with few or many
 * ones, and a constant one, each against random nonces: Welch's t is as large as 58 for the comb alone, and never above 2.6 with the
 * shares or for whole signatures. Inverse and product by themselves take some hundredths of a microsecond less, of four, where the first word of
 * the nonce is zero, which happens once in 2^32 signatures.
 *
 * With the shares all three conditions hold, so ECDSA keys in software sign by bcprov, which costs a second fixed-base
 * multiplication and is still faster than the JDK. SunEC, which signs first, computes in constant time and is not blinded. {@code org.jsspi.softwareSigner=jca} signs with them through JCA.
 * Ed25519 and Ed448 are fixed-base, with masked look-ups, and with field and scalar arithmetic without branches on secrets, but not
 * blinded: they sign through JCA, unless {@code org.jsspi.softwareSigner=bc} says otherwise. Keys without encoding and keys of
 * the JDK's PKCS#11 and Windows providers always go through JCA. Ephemeral keys serve one
 * multiplication each and leave nothing to average over.
 *
 * <h2>Legacy</h2>
 *
 * MD4, MD5, DES, RC4 and CRC-32, which NTLM is made of, are in {@link org.jsspi.provider.crypto.Legacy} and nowhere else; the
 * security property {@code org.jsspi.ntlm=off} switches off what uses it.
 *
 * <h2>Wiping</h2>
 *
 * What this package holds in arrays is wiped. Copies that a JCA provider or a BigInteger holds cannot be: those objects
 * are dropped as early as possible.
 */
package org.jsspi.provider.crypto;
