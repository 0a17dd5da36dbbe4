package org.jsspi;

/**
 * What acquireCredentialsHandle of the package NTLM takes for a credential that does both: an {@link AuthIdentity} to
 * initialize contexts with and {@link NtlmAccounts} to accept them with. For one use alone it takes either as it is.
 *
 * @param identity who the client is, copied by the package; may be null for an inbound credential
 * @param accounts who may come in; may be null for an outbound credential
 */
public record NtlmCredentials(AuthIdentity identity, NtlmAccounts accounts) {}
