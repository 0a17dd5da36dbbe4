package org.jsspi.conformance.ntlm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.Provider;
import java.security.Signature;
import java.util.List;
import javax.crypto.Mac;
import org.jsspi.AscReq;
import org.jsspi.AuthIdentity;
import org.jsspi.ContextAttribute;
import org.jsspi.CredHandle;
import org.jsspi.CredentialUse;
import org.jsspi.IscReq;
import org.jsspi.NtlmAccountTable;
import org.jsspi.NtlmCredentials;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityContext;
import org.jsspi.SspiException;
import org.jsspi.jca.ContextServices;
import org.jsspi.provider.ntlm.NtlmPackage;
import org.jsspi.spec.SequenceParameterSpec;
import org.junit.jupiter.api.Test;

/** NTLM's datagram contexts behind Mac and Signature. */
class NtlmJcaTest {
    private static final byte[] MESSAGE = "one datagram".getBytes(StandardCharsets.US_ASCII);

    /** A Provider with these services alone. */
    private static final class Services extends Provider {
        private static final long serialVersionUID = 1L;

        Services() {
            super("NtlmServices", "1", "datagram contexts of NTLM");
            ContextServices.of(this, NtlmPackage.NAME, List.of()).forEach(this::putService);
        }
    }

    private static byte[] step(SecurityContext context, boolean client, IscReq wish, byte[] token)
            throws SspiException {
        SecBufferDesc input = new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, token));
        SecBufferDesc output = new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, new byte[2888]));
        if (client) {
            context.initializeSecurityContext(null, wish, null, input, output);
        } else {
            context.acceptSecurityContext(
                    wish.has(IscReq.DATAGRAM) ? AscReq.DATAGRAM : AscReq.NONE, null, input, output);
        }
        return output.get(0).toByteArray();
    }

    private static void establish(SecurityContext client, SecurityContext server, IscReq wish) throws SspiException {
        byte[] first = step(client, true, wish, new byte[0]);
        step(server, false, wish, step(client, true, wish, step(server, false, wish, first)));
    }

    private static CredHandle credential() throws SspiException {
        AuthIdentity identity = AuthIdentity.of("EXAMPLE\\alice", "secret".toCharArray());
        return new NtlmPackage()
                .acquireCredentialsHandle(
                        "server",
                        CredentialUse.BOTH,
                        new NtlmCredentials(identity, new NtlmAccountTable().add(identity)));
    }

    @Test
    void macAndSignatureSignWhatTheOtherSideVerifies() throws Exception {
        Provider services = new Services();
        try (CredHandle credential = credential();
                SecurityContext client = credential.newContext();
                SecurityContext server = credential.newContext()) {
            establish(client, server, IscReq.DATAGRAM);
            Mac mac = Mac.getInstance("NTLM", services);
            mac.init(client.queryContextAttributes(ContextAttribute.SIGNING_KEY), new SequenceParameterSpec(41));
            byte[] token = mac.doFinal(MESSAGE);

            Signature verifier = Signature.getInstance("NTLM", services);
            verifier.initVerify(server.queryContextAttributes(ContextAttribute.VERIFYING_KEY));
            verifier.setParameter(new SequenceParameterSpec(41));
            verifier.update(MESSAGE);
            assertTrue(verifier.verify(token));
            verifier.setParameter(new SequenceParameterSpec(41));
            verifier.update(MESSAGE, 1, MESSAGE.length - 1);
            assertFalse(verifier.verify(token));

            Signature signer = Signature.getInstance("NTLM", services);
            signer.initSign(server.queryContextAttributes(ContextAttribute.SIGNING_KEY));
            signer.setParameter(new SequenceParameterSpec(7));
            signer.update(MESSAGE);
            byte[] answer = signer.sign();
            mac.init(client.queryContextAttributes(ContextAttribute.VERIFYING_KEY), new SequenceParameterSpec(7));
            assertArrayEquals(answer, mac.doFinal(MESSAGE));
        }
    }

    @Test
    void aConnectionsRunningStreamIsNoMac() throws Exception {
        Provider services = new Services();
        try (CredHandle credential = credential();
                SecurityContext client = credential.newContext();
                SecurityContext server = credential.newContext()) {
            establish(client, server, IscReq.INTEGRITY);
            Mac mac = Mac.getInstance("NTLM", services);
            assertThrows(
                    InvalidKeyException.class,
                    () -> mac.init(
                            client.queryContextAttributes(ContextAttribute.SIGNING_KEY), new SequenceParameterSpec(1)));
        }
    }
}
