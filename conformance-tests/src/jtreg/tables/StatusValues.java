/*
 * @test
 * @summary status codes have the values of winerror.h
 * @library /lib
 */
import java.util.Map;
import org.jsspi.SecurityStatus;

public class StatusValues {
    private static final Map<String, Integer> TABLE = Map.ofEntries(
            Map.entry("SEC_E_OK", 0),
            Map.entry("SEC_I_CONTINUE_NEEDED", 0x00090312),
            Map.entry("SEC_I_COMPLETE_NEEDED", 0x00090313),
            Map.entry("SEC_I_COMPLETE_AND_CONTINUE", 0x00090314),
            Map.entry("SEC_I_CONTEXT_EXPIRED", 0x00090317),
            Map.entry("SEC_I_INCOMPLETE_CREDENTIALS", 0x00090320),
            Map.entry("SEC_I_RENEGOTIATE", 0x00090321),
            Map.entry("SEC_E_INSUFFICIENT_MEMORY", 0x80090300),
            Map.entry("SEC_E_INVALID_HANDLE", 0x80090301),
            Map.entry("SEC_E_UNSUPPORTED_FUNCTION", 0x80090302),
            Map.entry("SEC_E_INTERNAL_ERROR", 0x80090304),
            Map.entry("SEC_E_SECPKG_NOT_FOUND", 0x80090305),
            Map.entry("SEC_E_INVALID_TOKEN", 0x80090308),
            Map.entry("SEC_E_LOGON_DENIED", 0x8009030C),
            Map.entry("SEC_E_NO_CREDENTIALS", 0x8009030E),
            Map.entry("SEC_E_MESSAGE_ALTERED", 0x8009030F),
            Map.entry("SEC_E_OUT_OF_SEQUENCE", 0x80090310),
            Map.entry("SEC_E_CONTEXT_EXPIRED", 0x80090317),
            Map.entry("SEC_E_INCOMPLETE_MESSAGE", 0x80090318),
            Map.entry("SEC_E_BUFFER_TOO_SMALL", 0x80090321),
            Map.entry("SEC_E_WRONG_PRINCIPAL", 0x80090322),
            Map.entry("SEC_E_UNTRUSTED_ROOT", 0x80090325),
            Map.entry("SEC_E_ILLEGAL_MESSAGE", 0x80090326),
            Map.entry("SEC_E_DECRYPT_FAILURE", 0x80090330),
            Map.entry("SEC_E_ALGORITHM_MISMATCH", 0x80090331));

    public static void main(String[] args) {
        TABLE.forEach((name, value) -> {
            SecurityStatus status = SecurityStatus.valueOf(name);
            Loopback.expect(status.value() == value, name);
            Loopback.expect(SecurityStatus.of(value) == status, name + " from its value");
            Loopback.expect(status.isError() == value < 0, name + " and its severity");
        });
    }
}
