package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * encrypted_client_hello of a ClientHelloOuter (RFC 9849 5): the ClientHelloInner, encrypted.
 *
 * @param configId of the configuration whose key it is encrypted to
 * @param enc the encapsulated key; empty in a second ClientHello
 * @param payload the EncodedClientHelloInner, encrypted
 */
public record EchOuter(int kdfId, int aeadId, int configId, byte[] enc, byte[] payload) implements Extension {
    /** ECHClientHelloType outer. */
    static final int TYPE = 0;

    @Override
    public Shape<EchOuter> shape() {
        return Shape.ECH_OUTER;
    }

    // enum { outer(0), inner(1) } ECHClientHelloType;
    // struct {
    //    ECHClientHelloType type;
    //    select (ECHClientHello.type) {
    //        case outer:
    //            HpkeSymmetricCipherSuite cipher_suite;
    //            uint8 config_id;
    //            opaque enc<0..2^16-1>;
    //            opaque payload<1..2^16-1>;
    //        case inner:
    //            Empty;
    //    };
    // } ECHClientHello;
    static Extension decode(Reader in) throws SspiException {
        int type = in.u8();
        if (type == EchInner.TYPE) {
            return new EchInner();
        }
        if (type != TYPE) {
            // RFC 9849 7: a type that is none is answered with illegal_parameter.
            throw AlertDescription.ILLEGAL_PARAMETER.because("encrypted_client_hello of the type " + type);
        }
        return new EchOuter(in.u16(), in.u16(), in.u8(), in.vector16Bytes(0, 0xFFFF), in.vector16Bytes(1, 0xFFFF));
    }

    @Override
    public void encode(Writer out) {
        out.u8(TYPE).u16(kdfId).u16(aeadId).u8(configId).vector16(enc).vector16(payload);
    }

    /** {@return this with another payload} */
    public EchOuter withPayload(byte[] other) {
        return new EchOuter(kdfId, aeadId, configId, enc, other);
    }

    @Override
    public String toString() {
        return "EchOuter[" + kdfId + ", " + aeadId + ", " + configId + ", " + Bytes.print(enc) + ", "
                + Bytes.print(payload) + "]";
    }
}
