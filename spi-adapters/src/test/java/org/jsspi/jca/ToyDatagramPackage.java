package org.jsspi.jca;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.Provider;
import java.util.List;
import java.util.Map;
import javax.crypto.SecretKey;
import org.jsspi.CredHandle;
import org.jsspi.CredentialUse;
import org.jsspi.PackageCapability;
import org.jsspi.SealedBlob;
import org.jsspi.SecurityContext;
import org.jsspi.SecurityPackage;
import org.jsspi.SspiException;

/** A package with datagram contexts and nothing to authenticate: the authData is the secret that both sides share. */
public final class ToyDatagramPackage extends SecurityPackage {
    static final String NAME = "TOY";

    /** {@return a Provider of the package and its services} */
    static Provider provider() {
        return new ToyProvider();
    }

    @Override
    public CredHandle acquireCredentialsHandle(String principal, CredentialUse use, Object authData) {
        byte[] secret = authData.toString().getBytes(StandardCharsets.UTF_8);
        return new CredHandle() {
            @Override
            public SecurityContext newContext() {
                return new ToyDatagramContext(secret);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public SecurityContext importSecurityContext(ByteBuffer packed, SecretKey sealingKey) throws SspiException {
        return ToyDatagramContext.restore(SealedBlob.open(sealingKey, SealedBlob.SECURITY_CONTEXT, NAME, packed));
    }

    private static final class ToyProvider extends Provider {
        private static final long serialVersionUID = 1L;

        ToyProvider() {
            super("ToyDatagrams", "1", "a package with datagram contexts");
            putService(new Service(
                    this,
                    SecurityPackage.SERVICE_TYPE,
                    NAME,
                    ToyDatagramPackage.class.getName(),
                    null,
                    Map.of(
                            SecurityPackage.CAPABILITIES,
                            "" + PackageCapability.bits(PackageCapability.DATAGRAM, PackageCapability.INTEGRITY))));
            ContextServices.of(this, NAME, List.of("ToyAlias")).forEach(this::putService);
        }
    }
}
