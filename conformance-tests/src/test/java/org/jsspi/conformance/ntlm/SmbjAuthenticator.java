package org.jsspi.conformance.ntlm;

import com.hierynomus.asn1.types.primitive.ASN1ObjectIdentifier;
import com.hierynomus.protocol.commons.Factory;
import com.hierynomus.smbj.SmbConfig;
import com.hierynomus.smbj.auth.AuthenticateResponse;
import com.hierynomus.smbj.auth.AuthenticationContext;
import com.hierynomus.smbj.auth.Authenticator;
import com.hierynomus.smbj.connection.ConnectionContext;
import com.hierynomus.spnego.NegTokenInit;
import com.hierynomus.spnego.NegTokenTarg;
import com.hierynomus.spnego.SpnegoException;
import com.hierynomus.spnego.SpnegoToken;
import java.io.IOException;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import org.jsspi.AuthIdentity;
import org.jsspi.ContextAttribute;
import org.jsspi.CredHandle;
import org.jsspi.CredentialUse;
import org.jsspi.IscReq;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityContext;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.ntlm.NtlmPackage;

/**
 * smbj, an SMB client, with NTLM of ours in place of its own. The tokens of SPNEGO are smbj's, which has no mechListMIC: it is the
 * signature of our context over the list of mechanisms (RFC 4178 5, MS-SPNG 3.2.5.1).
 */
final class SmbjAuthenticator implements Authenticator {
    static final String NTLMSSP = "1.3.6.1.4.1.311.2.2.10";

    /** MechTypeList of a client that offers NTLM alone, in DER. */
    private static final byte[] NTLM_ALONE = HexFormat.of().parseHex("300c060a2b06010401823702020a");

    private final AtomicInteger verified;
    private SecurityContext context;

    private SmbjAuthenticator(AtomicInteger verified) {
        this.verified = verified;
    }

    /** {@return the list of the message functions that a mechListMIC is made and verified with} */
    static SecBufferDesc mechList(byte[] mic) {
        return new SecBufferDesc(
                new SecBuffer(SecBufferType.DATA, NTLM_ALONE), new SecBuffer(SecBufferType.TOKEN, mic));
    }

    /**
     * {@return what smbj makes one of for each session}
     *
     * @param verified counts the servers whose mechListMIC was right
     */
    static Factory.Named<Authenticator> factory(AtomicInteger verified) {
        return new Factory.Named<>() {
            @Override
            public String getName() {
                return NTLMSSP;
            }

            @Override
            public Authenticator create() {
                return new SmbjAuthenticator(verified);
            }
        };
    }

    @Override
    public void init(SmbConfig config) {
        // There is nothing to configure.
    }

    @Override
    public boolean supports(AuthenticationContext user) {
        return true;
    }

    @Override
    public AuthenticateResponse authenticate(AuthenticationContext user, byte[] token, ConnectionContext connection)
            throws IOException {
        try {
            if (context == null) {
                context = begin(user);
                NegTokenInit offer = new NegTokenInit();
                offer.addSupportedMech(new ASN1ObjectIdentifier(NTLMSSP));
                offer.setMechToken(step(null));
                return response(offer);
            }
            NegTokenTarg reply = new NegTokenTarg().read(token);
            if (reply.getResponseToken() == null) {
                context.verifySignature(mechList(reply.getMechListMic()), 0);
                verified.incrementAndGet();
                return null;
            }
            NegTokenTarg answer = new NegTokenTarg();
            answer.setResponseToken(step(reply.getResponseToken()));
            SecBufferDesc mic = mechList(new byte[16]);
            context.makeSignature(0, mic, 0);
            answer.setMechListMic(mic.get(1).toByteArray());
            AuthenticateResponse response = response(answer);
            response.setSessionKey(context.queryContextAttributes(ContextAttribute.SESSION_KEY));
            return response;
        } catch (SspiException | SpnegoException e) {
            throw new IOException(e);
        }
    }

    private static SecurityContext begin(AuthenticationContext user) throws SspiException {
        try (AuthIdentity identity = AuthIdentity.of(user.getUsername(), user.getDomain(), user.getPassword());
                CredHandle credential =
                        new NtlmPackage().acquireCredentialsHandle(null, CredentialUse.OUTBOUND, identity)) {
            return credential.newContext();
        }
    }

    private byte[] step(byte[] token) throws SspiException {
        SecBufferDesc output = new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, new byte[2888]));
        SecurityStatus status = context.initializeSecurityContext(
                "cifs/server",
                IscReq.INTEGRITY,
                null,
                token == null ? null : new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, token)),
                output);
        if (status == SecurityStatus.SEC_E_OK == (token == null)) {
            throw new AssertionError("status " + status);
        }
        return output.get(0).toByteArray();
    }

    private static AuthenticateResponse response(SpnegoToken token) {
        return new AuthenticateResponse(token);
    }
}
