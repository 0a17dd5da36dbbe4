package org.jsspi.provider.tls.message;

import java.util.ArrayList;
import java.util.List;
import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * pre_shared_key of a ClientHello (RFC 8446 4.2.11): the keys that the client would resume with, and for each a proof
 * that it has the key.
 *
 * <p>The binders are an HMAC over the ClientHello up to them, so they are the last bytes of the message: it is written
 * with {@link #unbound binders of zero} first, and {@link ClientHello#fillBinders} puts the real ones in their place.
 */
public record PreSharedKeyOffer(List<PskIdentity> identities, List<byte[]> binders) implements Extension {
    /**
     * The label of one key.
     *
     * @param identity the ticket, or the label of an external key
     * @param obfuscatedTicketAge from 0 to 2^32 - 1, in milliseconds, plus the ticket's ticket_age_add
     */
    public record PskIdentity(byte[] identity, long obfuscatedTicketAge) {
        @Override
        public String toString() {
            return "PskIdentity[" + Bytes.print(identity) + ", " + obfuscatedTicketAge + "]";
        }
    }

    /** The offer of these identities, each with the binder at its place; the lists are copied. */
    public PreSharedKeyOffer {
        identities = List.copyOf(identities);
        binders = List.copyOf(binders);
        if (identities.size() != binders.size()) {
            throw new IllegalArgumentException(identities.size() + " identities with " + binders.size() + " binders");
        }
    }

    /**
     * {@return an offer whose binders are zeros}
     *
     * @param binderLengths for each identity the length in bytes of the hash that its key belongs to
     */
    public static PreSharedKeyOffer unbound(List<PskIdentity> identities, int... binderLengths) {
        List<byte[]> binders = new ArrayList<>(binderLengths.length);
        for (int length : binderLengths) {
            binders.add(new byte[length]);
        }
        return new PreSharedKeyOffer(identities, binders);
    }

    /** {@return how many bytes the binders take at the end of the message, with the length of their list} */
    public int bindersLength() {
        int length = 2;
        for (byte[] binder : binders) {
            length += 1 + binder.length;
        }
        return length;
    }

    @Override
    public Shape<PreSharedKeyOffer> shape() {
        return Shape.PRE_SHARED_KEY_OFFER;
    }

    // struct { opaque identity<1..2^16-1>; uint32 obfuscated_ticket_age; } PskIdentity;
    // opaque PskBinderEntry<32..255>;
    // struct { PskIdentity identities<7..2^16-1>; PskBinderEntry binders<33..2^16-1>; } OfferedPsks;
    static PreSharedKeyOffer decode(Reader in) throws SspiException {
        List<PskIdentity> identities = new ArrayList<>();
        Reader identityList = in.vector16(7, 0xFFFF);
        while (identityList.hasRemaining()) {
            identities.add(new PskIdentity(identityList.vector16Bytes(1, 0xFFFF), identityList.u32()));
        }
        List<byte[]> binders = new ArrayList<>();
        Reader binderList = in.vector16(33, 0xFFFF);
        while (binderList.hasRemaining()) {
            binders.add(binderList.vector8Bytes(32, 255));
        }
        if (identities.size() != binders.size()) {
            // RFC 8446 4.2.11: one binder for each identity, in the same order.
            throw AlertDescription.ILLEGAL_PARAMETER.because(
                    identities.size() + " pre-shared keys with " + binders.size() + " binders");
        }
        return new PreSharedKeyOffer(identities, binders);
    }

    @Override
    public void encode(Writer out) {
        out.vector16(
                list -> identities.forEach(psk -> list.vector16(psk.identity).u32(psk.obfuscatedTicketAge)));
        encodeBinders(out, binders);
    }

    static void encodeBinders(Writer out, List<byte[]> binders) {
        out.vector16(list -> binders.forEach(list::vector8));
    }

    @Override
    public String toString() {
        return "PreSharedKeyOffer[" + identities + ", "
                + binders.stream().map(Bytes::print).toList() + "]";
    }
}
