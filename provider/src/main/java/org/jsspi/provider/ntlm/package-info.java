/**
 * NTLM (MS-NLMP): the messages, the responses and keys, both sides of the exchange, and what protects messages in connection
 * and in datagram mode.
 *
 * <p>Messages decode whole ({@code NegotiateMessage}, {@code ChallengeMessage}, {@code AuthenticateMessage},
 * {@code TargetInfo}) and know bytes, not policy. {@code ClientExchange} and {@code ServerExchange} hold no state: they turn
 * messages and policy into an outcome or an exception, so that {@code NtlmContext} moves whole steps or none. {@code Direction}
 * is one direction of an established session.
 *
 * <p>Deviations from Windows that a user can meet: a datagram context always negotiates signatures, because it signs before the
 * server is heard of; nobody's and guests' sessions have no keys and their message functions answer
 * SEC_E_UNSUPPORTED_FUNCTION; a response with LM alone is refused; sessions that are signed or sealed need extended session
 * security and 128-bit keys, and NTLMv1 is refused, unless security properties say otherwise ({@code NtlmPolicy}).
 */
package org.jsspi.provider.ntlm;
