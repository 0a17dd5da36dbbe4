package org.jsspi.jca;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.Provider;
import java.security.spec.InvalidParameterSpecException;
import java.util.HexFormat;
import javax.crypto.spec.IvParameterSpec;
import org.jsspi.spec.SequenceParameterSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SequenceParametersTest {
    private static final Provider TOYS = ToyDatagramPackage.provider();
    private static final HexFormat HEX = HexFormat.of();

    @ParameterizedTest
    @CsvSource({
        "0,          020100",
        "1,          020101",
        "127,        02017f",
        "128,        02020080",
        "255,        020200ff",
        "256,        02020100",
        "32768,      0203008000",
        "2147483647, 02047fffffff",
        "2147483648, 02050080000000",
        "4294967295, 020500ffffffff"
    })
    void numberIsADerInteger(long number, String encoding) throws Exception {
        AlgorithmParameters parameters = parameters();
        parameters.init(new SequenceParameterSpec((int) number));
        assertEquals(encoding, HEX.formatHex(parameters.getEncoded()));
        assertEquals(encoding, HEX.formatHex(parameters.getEncoded("ASN.1")));
        assertEquals("MessageSeqNo " + number, parameters.toString());
        AlgorithmParameters decoded = parameters();
        decoded.init(HEX.parseHex(encoding));
        assertEquals(new SequenceParameterSpec((int) number), decoded.getParameterSpec(SequenceParameterSpec.class));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "02",
                "0200",
                "020200",
                "02010000",
                "030101",
                "0201ff",
                "02020001",
                "0205ffffffffff",
                "02050100000000",
                "0206000000000001",
                "02810101",
                "0280"
            })
    void whatIsNoShortestDerIntegerOf32BitsIsRefused(String encoding) throws Exception {
        AlgorithmParameters parameters = parameters();
        assertThrows(IOException.class, () -> parameters.init(HEX.parseHex(encoding)));
    }

    @Test
    void otherSpecsAndFormatsAreRefused() throws Exception {
        AlgorithmParameters parameters = parameters();
        assertThrows(InvalidParameterSpecException.class, () -> parameters.init(new IvParameterSpec(new byte[4])));
        assertThrows(IOException.class, () -> parameters.init(HEX.parseHex("020101"), "XML"));
        parameters.init(HEX.parseHex("020101"), "DER");
        assertThrows(InvalidParameterSpecException.class, () -> parameters.getParameterSpec(IvParameterSpec.class));
        assertThrows(IOException.class, () -> parameters.getEncoded("XML"));
    }

    @Test
    void specsAreEqualByNumberAndByWhetherItRepeats() {
        assertEquals(new SequenceParameterSpec(4), new SequenceParameterSpec(4));
        assertEquals(
                SequenceParameterSpec.repeating(4).hashCode(),
                SequenceParameterSpec.repeating(4).hashCode());
        assertNotEquals(new SequenceParameterSpec(4), SequenceParameterSpec.repeating(4));
        assertNotEquals(new SequenceParameterSpec(4), new SequenceParameterSpec(5));
        assertEquals("SequenceParameterSpec[4294967295]", new SequenceParameterSpec(-1).toString());
        assertEquals(
                "SequenceParameterSpec[4, repeating]",
                SequenceParameterSpec.repeating(4).toString());
    }

    private static AlgorithmParameters parameters() throws Exception {
        return AlgorithmParameters.getInstance(ToyDatagramPackage.NAME, TOYS);
    }
}
