package org.jsspi.provider.crypto;

import java.util.Arrays;
import javax.security.auth.Destroyable;
import org.jsspi.SspiException;

/**
 * One ephemeral key exchange, seen from the client: a share to send, and the secret once the server's share is there.
 * The server's side is one call, {@link #respond}.
 *
 * <p>Keys are made for one exchange and never reused. Curves come from bcprov, or from a JCA provider that stands before the
 * platform's own; ML-KEM from the JDK where it has it.
 * What a peer sends is validated in full before any use, and what is not valid is answered with illegal_parameter.
 */
public final class KeyExchange implements Destroyable, AutoCloseable {
    /** A key pair of one component: a curve or ML-KEM. */
    interface Ephemeral {
        byte[] publicShare();

        /** The raw shared secret with the peer's share, or ciphertext. */
        byte[] agree(byte[] share) throws SspiException;

        void destroy();
    }

    /**
     * The server's half of an exchange.
     *
     * @param serverShare what the client is sent
     * @param sharedSecret the caller's to destroy
     */
    public record Response(byte[] serverShare, Secret sharedSecret) {}

    private final KeyExchangeGroup group;
    private final Ephemeral curve; // null if the group is ML-KEM alone
    private final Ephemeral kem; // null if the group is a curve alone
    private final byte[] publicShare;
    private boolean destroyed;

    private KeyExchange(KeyExchangeGroup group, Ephemeral curve, Ephemeral kem, byte[] publicShare) {
        this.group = group;
        this.curve = curve;
        this.kem = kem;
        this.publicShare = publicShare;
    }

    /** {@return a fresh key pair of the group} */
    public static KeyExchange generate(KeyExchangeGroup group) {
        if (!group.hasCurve()) {
            Ephemeral kem = group.kem().orElseThrow().generate();
            return new KeyExchange(group, null, kem, kem.publicShare());
        }
        Ephemeral curve = generateCurve(group);
        if (!group.hasKem()) {
            return new KeyExchange(group, curve, null, curve.publicShare());
        }
        Ephemeral kem = group.kem().orElseThrow().generate();
        return new KeyExchange(group, curve, kem, join(group, curve.publicShare(), kem.publicShare()));
    }

    /**
     * The server's half: a fresh key pair (or an encapsulation) and the secret it shares with the client.
     *
     * @param clientShare the key_exchange field of the client's entry for the group
     * @throws SspiException illegal_parameter if the share is not a valid one of the group
     */
    public static Response respond(KeyExchangeGroup group, byte[] clientShare) throws SspiException {
        requireLength(group, clientShare, group.clientShareLength());
        if (!group.hasCurve()) {
            MlKem.Encapsulation encapsulation = group.kem().orElseThrow().encapsulate(clientShare);
            return new Response(encapsulation.ciphertext(), Secret.owning(encapsulation.sharedSecret()));
        }
        if (!group.hasKem()) {
            Ephemeral curve = generateCurve(group);
            try {
                return new Response(curve.publicShare(), Secret.owning(curve.agree(clientShare)));
            } finally {
                curve.destroy();
            }
        }
        MlKem size = group.kem().orElseThrow();
        byte[][] shares = split(group, clientShare, size.encapsulationKeyLength());
        MlKem.Encapsulation encapsulation = size.encapsulate(shares[1]);
        Ephemeral curve = generateCurve(group);
        try {
            byte[] serverShare = join(group, curve.publicShare(), encapsulation.ciphertext());
            return new Response(serverShare, joinSecrets(group, curve.agree(shares[0]), encapsulation.sharedSecret()));
        } finally {
            curve.destroy();
            Arrays.fill(encapsulation.sharedSecret(), (byte) 0);
        }
    }

    /** {@return the group} */
    public KeyExchangeGroup group() {
        return group;
    }

    /** {@return a copy of the share to send} */
    public byte[] publicShare() {
        return publicShare.clone();
    }

    /**
     * {@return the shared secret, which is the caller's to destroy}
     *
     * @param serverShare the key_exchange field of the server's answer
     * @throws SspiException illegal_parameter if the share is not a valid one of the group
     * @throws IllegalStateException after {@link #destroy()}
     */
    public Secret agree(byte[] serverShare) throws SspiException {
        if (destroyed) {
            throw new IllegalStateException("the ephemeral key was destroyed");
        }
        requireLength(group, serverShare, group.serverShareLength());
        if (!group.hasCurve()) {
            return Secret.owning(kem.agree(serverShare));
        }
        if (!group.hasKem()) {
            return Secret.owning(curve.agree(serverShare));
        }
        byte[][] shares = split(group, serverShare, group.kem().orElseThrow().ciphertextLength());
        return joinSecrets(group, curve.agree(shares[0]), kem.agree(shares[1]));
    }

    /** Forgets the private key; doing it again does nothing. */
    @Override
    public void destroy() {
        destroyed = true;
        if (curve != null) {
            curve.destroy();
        }
        if (kem != null) {
            kem.destroy();
        }
    }

    @Override
    public boolean isDestroyed() {
        return destroyed;
    }

    /** The same as {@link #destroy()}. */
    @Override
    public void close() {
        destroy();
    }

    @Override
    public String toString() {
        return "KeyExchange[" + group.standardName() + "]";
    }

    private static Ephemeral generateCurve(KeyExchangeGroup group) {
        return switch (group) {
            case SECP256R1, SECP256R1MLKEM768 -> JcaEphemeral.generate(JcaEphemeral.Curve.P256);
            case SECP384R1, SECP384R1MLKEM1024 -> JcaEphemeral.generate(JcaEphemeral.Curve.P384);
            case SECP521R1 -> JcaEphemeral.generate(JcaEphemeral.Curve.P521);
            case X25519, X25519MLKEM768 -> JcaEphemeral.generate(JcaEphemeral.Curve.X25519);
            case X448 -> EphemeralX448.generate();
            case MLKEM768, MLKEM1024 -> throw new IllegalArgumentException("no curve in " + group.standardName());
        };
    }

    private static void requireLength(KeyExchangeGroup group, byte[] share, int length) throws SspiException {
        if (share.length != length) {
            throw Failures.illegalParameter(
                    "key share of " + share.length + " bytes for " + group.standardName() + ", which has " + length,
                    null);
        }
    }

    // draft-ietf-tls-ecdhe-mlkem 4: X25519MLKEM768 puts ML-KEM first, the hybrids of the NIST curves the curve; in the
    // shares of both sides and in the secret alike.
    private static boolean kemFirst(KeyExchangeGroup group) {
        return group == KeyExchangeGroup.X25519MLKEM768;
    }

    private static byte[] join(KeyExchangeGroup group, byte[] curve, byte[] kem) {
        byte[] first = kemFirst(group) ? kem : curve;
        byte[] second = kemFirst(group) ? curve : kem;
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }

    private static Secret joinSecrets(KeyExchangeGroup group, byte[] curve, byte[] kem) {
        Secret joined = Secret.owning(join(group, curve, kem));
        Arrays.fill(curve, (byte) 0);
        Arrays.fill(kem, (byte) 0);
        return joined;
    }

    /** The curve's part, then ML-KEM's. */
    private static byte[][] split(KeyExchangeGroup group, byte[] share, int kemLength) {
        int curveLength = share.length - kemLength;
        return kemFirst(group)
                ? new byte[][] {
                    Arrays.copyOfRange(share, kemLength, share.length), Arrays.copyOfRange(share, 0, kemLength)
                }
                : new byte[][] {
                    Arrays.copyOfRange(share, 0, curveLength), Arrays.copyOfRange(share, curveLength, share.length)
                };
    }
}
