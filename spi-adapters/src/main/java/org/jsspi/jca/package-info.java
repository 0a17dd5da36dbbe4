/**
 * Datagram contexts as {@code Mac} and {@code Signature}, under the name of their package.
 *
 * <pre>{@code
 * ContextKey.Signing key = context.queryContextAttributes(ContextAttribute.SIGNING_KEY);
 * Mac mac = Mac.getInstance("NTLM");
 * mac.init(key, new SequenceParameterSpec(41));
 * mac.update(header);
 * byte[] token = mac.doFinal(body);
 *
 * ContextKey.Verifying peer = context.queryContextAttributes(ContextAttribute.VERIFYING_KEY);
 * Signature signature = Signature.getInstance("NTLM");
 * signature.initVerify(peer);
 * signature.setParameter(new SequenceParameterSpec(peer.peekSequence(ByteBuffer.wrap(token))));
 * signature.update(message);
 * boolean right = signature.verify(token);
 * }</pre>
 *
 * A token is what makeSignature would have put into TOKEN, to the byte. Connection-oriented contexts are refused: they count
 * their messages and carry cipher states from one to the next, while a Mac promises to return to the state in which it was
 * initialised.
 */
package org.jsspi.jca;
