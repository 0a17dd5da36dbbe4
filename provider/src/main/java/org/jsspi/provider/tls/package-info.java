/**
 * Schannel: TLS behind the Security Support Provider Interface.
 *
 * <pre>
 * SchannelPackage -> SchannelCredential -> SchannelContext
 *                                            | establishing calls          | message calls
 *                                      HandshakeDriver (states, effects)   |
 *                                            | HandshakeInbox              |
 *                                       OutboundQueue                      |
 *                                            +------ RecordWriter, RecordReader
 * </pre>
 *
 * <p>What the caller wants becomes settings in HandshakeWishes, what it asks is answered by ContextAnswers, and what it orders is read by
 * ControlToken. A step of the handshake that the caller runs leaves RecordedEffects.
 *
 * <p>The handshake says what is to be sent and which keys hold from where on; the outbound queue keeps both in one order, so
 * that a record is sealed when it leaves, into the caller's memory, and under the keys of its place.
 *
 * <p><b>Locks.</b> One for the reader, one for the writer with its queue; the order is read, write. None is held while a
 * callback or a signature runs. Establishing calls come one at a time: a second one at the same moment is refused.
 */
package org.jsspi.provider.tls;
