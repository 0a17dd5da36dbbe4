package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * delegated_credential of a certificate entry (RFC 9345 4): a key that stands for that of the certificate.
 *
 * @param validTime when it ends, in seconds after the certificate's notBefore, 0 to 2^32 - 1
 * @param scheme by which the delegated key signs the handshake
 * @param publicKey a SubjectPublicKeyInfo in DER, 1 to 2^24 - 1 bytes, not parsed
 * @param signedBy the scheme by which the key of the certificate has signed it
 * @param signature 0 to 2^16 - 1 bytes
 */
public record DelegatedCredentialAnswer(long validTime, int scheme, byte[] publicKey, int signedBy, byte[] signature)
        implements Extension {

    @Override
    public Shape<DelegatedCredentialAnswer> shape() {
        return Shape.DELEGATED_CREDENTIAL_ANSWER;
    }

    /** Reads all of {@code in}. */
    // struct {
    //     uint32 valid_time;
    //     SignatureScheme dc_cert_verify_algorithm;
    //     opaque ASN1_subjectPublicKeyInfo<1..2^24-1>;
    // } Credential;
    // struct {
    //     Credential cred;
    //     SignatureScheme algorithm;
    //     opaque signature<0..2^16-1>;
    // } DelegatedCredential;
    public static DelegatedCredentialAnswer decode(Reader in) throws SspiException {
        DelegatedCredentialAnswer credential = new DelegatedCredentialAnswer(
                in.u32(), in.u16(), in.vector24Bytes(1, 0xFFFFFF), in.u16(), in.vector16Bytes(0, 0xFFFF));
        in.end();
        return credential;
    }

    /** {@return what the certificate's key has signed of it: the Credential, and the scheme of the signature} */
    public byte[] signedPart() {
        Writer out = new Writer();
        encodeSignedPart(out);
        return out.toByteArray();
    }

    private void encodeSignedPart(Writer out) {
        out.u32(validTime).u16(scheme).vector24(publicKey).u16(signedBy);
    }

    @Override
    public void encode(Writer out) {
        encodeSignedPart(out);
        out.vector16(signature);
    }

    @Override
    public String toString() {
        return "DelegatedCredentialAnswer[" + validTime + " s, scheme 0x" + Integer.toHexString(scheme) + ", "
                + Bytes.print(publicKey) + ", signed by 0x" + Integer.toHexString(signedBy) + ", "
                + Bytes.print(signature) + "]";
    }
}
