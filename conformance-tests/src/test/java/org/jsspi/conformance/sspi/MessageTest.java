package org.jsspi.conformance.sspi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jsspi.ContextAttribute;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.StreamContext;
import org.jsspi.StreamSizes;
import org.jsspi.conformance.fixture.Connection;
import org.jsspi.conformance.fixture.Schannel;
import org.jsspi.conformance.fixture.SspiEnd;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The message functions over an established pair: each list before and after the call. */
class MessageTest {
    private static final byte[] HELLO = {72, 101, 108, 108, 111};

    private SspiEnd client;
    private SspiEnd server;
    private StreamContext context;

    @BeforeEach
    void connect() throws Exception {
        Connection<SspiEnd, SspiEnd> pair = Schannel.connected();
        client = pair.client();
        server = pair.server();
        context = server.context();
    }

    // Decrypting

    @Test
    void aRecordBecomesHeaderDataAndTrailerInItsOwnMemory() throws Exception {
        byte[] record = client.encrypt(HELLO);
        SecBufferDesc message = message(record, 3);

        assertEquals(SecurityStatus.SEC_E_OK, context.decryptMessage(message, 0));

        assertTypes(
                message,
                SecBufferType.STREAM_HEADER,
                SecBufferType.DATA,
                SecBufferType.STREAM_TRAILER,
                SecBufferType.EMPTY);
        assertLengths(message, 5, 5, record.length - 10, 0);
        assertArrayEquals(HELLO, message.get(1).toByteArray());
        assertArrayEquals(HELLO, Arrays.copyOfRange(record, 5, 10), "in place");
        assertEquals(5, message.get(1).targetOffset());
    }

    @Test
    void bytesBehindTheRecordBecomeExtraWithPlaceAndLength() throws Exception {
        byte[] first = client.encrypt(HELLO);
        byte[] second = client.encrypt(HELLO);
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        SecBufferDesc message = message(both, 3);

        assertEquals(SecurityStatus.SEC_E_OK, context.decryptMessage(message, 0));

        assertTypes(
                message,
                SecBufferType.STREAM_HEADER,
                SecBufferType.DATA,
                SecBufferType.STREAM_TRAILER,
                SecBufferType.EXTRA);
        assertEquals(second.length, message.get(3).length());
        assertArrayEquals(second, message.get(3).toByteArray());
        SecBufferDesc rest = message(message.get(3).toByteArray(), 3);
        assertEquals(SecurityStatus.SEC_E_OK, context.decryptMessage(rest, 0));
        assertArrayEquals(HELLO, rest.get(1).toByteArray());
    }

    @Test
    void fiveBuffersAreTheListOfTheInterfaceDescription() throws Exception {
        byte[] record = client.encrypt(HELLO);
        SecBufferDesc message = message(record, 4);

        assertEquals(SecurityStatus.SEC_E_OK, context.verifySignature(message, 0));

        assertTypes(
                message,
                SecBufferType.STREAM_HEADER,
                SecBufferType.DATA,
                SecBufferType.STREAM_TRAILER,
                SecBufferType.EMPTY,
                SecBufferType.EMPTY);
        assertArrayEquals(HELLO, message.get(1).toByteArray());
    }

    @Test
    void fiveBuffersCarryTheRestToo() throws Exception {
        byte[] record = client.encrypt(HELLO);
        SecBufferDesc message = message(Arrays.copyOf(record, record.length + 3), 4);

        assertEquals(SecurityStatus.SEC_E_OK, context.verifySignature(message, 0));

        assertEquals(3, message.find(SecBufferType.EXTRA).length());
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4})
    void everyStrictPrefixIsIncompleteAndChangesNothing(int empties) throws Exception {
        byte[] record = client.encrypt(HELLO);
        for (int have = 0; have < record.length; have++) {
            byte[] part = Arrays.copyOf(record, have);
            byte[] before = part.clone();
            SecBufferDesc message = message(part, empties);

            assertEquals(SecurityStatus.SEC_E_INCOMPLETE_MESSAGE, context.decryptMessage(message, 0));

            int missing = have < 5 ? 5 - have : record.length - have;
            assertEquals(SecBufferType.MISSING, message.get(0).type());
            assertEquals(missing, message.get(0).length());
            assertEquals(SecBufferType.MISSING, message.get(1).type());
            assertEquals(missing, message.get(1).length());
            assertArrayEquals(before, part);
        }
        SecBufferDesc whole = message(record, empties);
        assertEquals(SecurityStatus.SEC_E_OK, context.decryptMessage(whole, 0));
        assertArrayEquals(HELLO, whole.get(1).toByteArray());
    }

    @Test
    void anEmptyRecordIsOkWithoutData() throws Exception {
        SecBufferDesc message = message(client.encrypt(new byte[0]), 3);

        assertEquals(SecurityStatus.SEC_E_OK, context.decryptMessage(message, 0));

        assertEquals(0, message.get(1).length());
    }

    @Test
    void malformedListsAreInvalidTokensAndTheMessageCanBeRepeated() throws Exception {
        byte[] record = client.encrypt(HELLO);
        SecBuffer data = new SecBuffer(SecBufferType.DATA, record);
        List<SecBufferDesc> wrong = List.of(
                new SecBufferDesc(data),
                new SecBufferDesc(data, new SecBuffer(), new SecBuffer()),
                new SecBufferDesc(new SecBuffer(), new SecBuffer(), new SecBuffer(), new SecBuffer()),
                new SecBufferDesc(data, new SecBuffer(SecBufferType.DATA, record), new SecBuffer(), new SecBuffer()),
                new SecBufferDesc(
                        data, new SecBuffer(SecBufferType.TOKEN, new byte[1]), new SecBuffer(), new SecBuffer()));
        for (SecBufferDesc list : wrong) {
            assertStatus(SecurityStatus.SEC_E_INVALID_TOKEN, () -> context.decryptMessage(list, 0));
        }
        SecBufferDesc right = message(record, 3);
        assertEquals(SecurityStatus.SEC_E_OK, context.decryptMessage(right, 0));
        assertArrayEquals(HELLO, right.get(1).toByteArray());
    }

    @Test
    void closeNotifyIsContextExpiredAndTheOtherDirectionGoesOn() throws Exception {
        client.context().applyControlToken(org.jsspi.SchannelControl.shutdown());
        client.establish(null, server);
        byte[] alert = server.takeInbox();
        SecBufferDesc message = message(alert, 3);

        assertEquals(SecurityStatus.SEC_I_CONTEXT_EXPIRED, context.decryptMessage(message, 0));

        byte[] record = server.encrypt(HELLO);
        SecBufferDesc late = message(record, 3);
        assertEquals(SecurityStatus.SEC_E_OK, client.context().decryptMessage(late, 0));
        assertArrayEquals(HELLO, late.get(1).toByteArray());
    }

    @Test
    void anIncompleteContextHasNoMessages() throws Exception {
        StreamContext fresh = Schannel.context(Schannel.outbound());

        assertStatus(SecurityStatus.SEC_E_INVALID_HANDLE, () -> fresh.decryptMessage(message(new byte[40], 3), 0));
        assertStatus(
                SecurityStatus.SEC_E_INVALID_HANDLE,
                () -> fresh.encryptMessage(0, new SecBufferDesc(new SecBuffer(SecBufferType.DATA, new byte[1])), 0));
    }

    // Encrypting

    @Test
    void headerDataAndTrailerBecomeOneRecord() throws Exception {
        StreamSizes sizes = context.queryContextAttributes(ContextAttribute.STREAM_SIZES);
        assertEquals(5, sizes.header());
        assertEquals(17, sizes.trailer());
        assertEquals(16384, sizes.maximumMessage());
        assertEquals(4, sizes.buffers());
        ByteBuffer memory = ByteBuffer.allocate(5 + HELLO.length + 17);
        memory.put(5, HELLO);
        SecBufferDesc message = layout(memory, 5, HELLO.length, 17);

        assertEquals(SecurityStatus.SEC_E_OK, context.encryptMessage(0, message, 0));

        assertTypes(
                message,
                SecBufferType.STREAM_HEADER,
                SecBufferType.DATA,
                SecBufferType.STREAM_TRAILER,
                SecBufferType.EMPTY);
        assertLengths(message, 5, 5, 17, 0);
        assertArrayEquals(new byte[] {23, 3, 3, 0, 22}, Arrays.copyOf(memory.array(), 5));
        assertReceived(memory.array());
    }

    @Test
    void aTrailerThatIsLargerThanNeededShrinks() throws Exception {
        ByteBuffer memory = ByteBuffer.allocate(5 + 5 + 60);
        memory.put(5, HELLO);
        SecBufferDesc message = layout(memory, 5, 5, 60);

        assertEquals(SecurityStatus.SEC_E_OK, context.encryptMessage(0, message, 0));

        assertEquals(17, message.get(2).length());
        assertReceived(Arrays.copyOf(memory.array(), 27));
    }

    @Test
    void aHeaderOrTrailerWithoutRoomIsBufferTooSmallAndNothingHappens() throws Exception {
        ByteBuffer memory = ByteBuffer.allocate(200);
        memory.put(5, HELLO);
        byte[] before = memory.array().clone();

        assertStatus(
                SecurityStatus.SEC_E_BUFFER_TOO_SMALL, () -> context.encryptMessage(0, layout(memory, 4, 5, 17), 0));
        assertStatus(
                SecurityStatus.SEC_E_BUFFER_TOO_SMALL, () -> context.encryptMessage(0, layout(memory, 5, 5, 16), 0));

        assertArrayEquals(before, memory.array());
        assertReceived(server.encrypt(HELLO));
    }

    @Test
    void theLargestMessageIsTakenAndALargerOneIsNot() throws Exception {
        byte[] largest = new byte[16384];
        Arrays.fill(largest, (byte) 7);
        SecBufferDesc message = message(server.encrypt(largest), 3);
        assertEquals(SecurityStatus.SEC_E_OK, client.context().decryptMessage(message, 0));
        assertArrayEquals(largest, message.get(1).toByteArray());

        ByteBuffer memory = ByteBuffer.allocate(17000);
        SspiException failure =
                assertThrows(SspiException.class, () -> context.encryptMessage(0, layout(memory, 5, 16385, 17), 0));
        assertNotNull(failure.getMessage());
        assertReceived(server.encrypt(HELLO));
    }

    @Test
    void listsWithoutDataOrTwiceTheHeaderAreInvalidTokens() throws Exception {
        ByteBuffer memory = ByteBuffer.allocate(200);
        SecBufferDesc noData = new SecBufferDesc();
        noData.add(SecBufferType.STREAM_HEADER, memory, 0, 5);
        noData.add(SecBufferType.STREAM_TRAILER, memory, 10, 17);
        noData.add();
        noData.add();
        SecBufferDesc twoHeaders = new SecBufferDesc();
        twoHeaders.add(SecBufferType.STREAM_HEADER, memory, 0, 5);
        twoHeaders.add(SecBufferType.STREAM_HEADER, memory, 5, 5);
        twoHeaders.add(SecBufferType.DATA, memory, 10, 5);
        twoHeaders.add(SecBufferType.STREAM_TRAILER, memory, 15, 17);

        assertStatus(SecurityStatus.SEC_E_INVALID_TOKEN, () -> context.encryptMessage(0, noData, 0));
        assertStatus(SecurityStatus.SEC_E_INVALID_TOKEN, () -> context.encryptMessage(0, twoHeaders, 0));
        assertStatus(SecurityStatus.SEC_E_INVALID_TOKEN, () -> context.encryptMessage(0, new SecBufferDesc(), 0));
        assertReceived(server.encrypt(HELLO));
    }

    @Test
    void severalDataBuffersAreOneRecordInTheirOrder() throws Exception {
        ByteBuffer memory = ByteBuffer.allocate(5 + 5 + 17);
        memory.put(5, HELLO);
        SecBufferDesc message = new SecBufferDesc();
        message.add(SecBufferType.STREAM_HEADER, memory, 0, 5);
        message.add(SecBufferType.DATA, memory, 5, 2);
        message.add(SecBufferType.DATA, memory, 7, 3);
        message.add(SecBufferType.STREAM_TRAILER, memory, 10, 17);

        assertEquals(SecurityStatus.SEC_E_OK, context.encryptMessage(0, message, 0));

        assertReceived(memory.array());
    }

    @Test
    void dataAloneIsReallocated() throws Exception {
        SecBufferDesc message = new SecBufferDesc(new SecBuffer(SecBufferType.DATA, HELLO.clone()));

        assertEquals(SecurityStatus.SEC_E_OK, context.makeSignature(0, message, 0));

        assertEquals(SecBufferType.STREAM, message.get(0).type());
        assertReceived(message.get(0).toByteArray());
        message.close();
    }

    @Test
    void anotherQualityOfProtectionIsNotSupported() {
        SecBufferDesc message = new SecBufferDesc(new SecBuffer(SecBufferType.DATA, HELLO.clone()));

        assertStatus(SecurityStatus.SEC_E_QOP_NOT_SUPPORTED, () -> context.encryptMessage(0x80000001, message, 0));
    }

    @Test
    void afterShutdownNothingIsEncrypted() throws Exception {
        context.applyControlToken(org.jsspi.SchannelControl.shutdown());

        assertStatus(
                SecurityStatus.SEC_E_CONTEXT_EXPIRED,
                () -> context.encryptMessage(0, new SecBufferDesc(new SecBuffer(SecBufferType.DATA, HELLO)), 0));
        SecBufferDesc late = message(client.encrypt(HELLO), 3);
        assertEquals(SecurityStatus.SEC_E_OK, context.decryptMessage(late, 0));
    }

    @Test
    void onePassReadsTheRecordAndWritesTheData() throws Exception {
        byte[] record = client.encrypt(HELLO);
        ByteBuffer source =
                ByteBuffer.wrap(Arrays.copyOf(record, record.length + 2)).asReadOnlyBuffer();
        for (int room : new int[] {0, HELLO.length - 1}) {
            SecBufferDesc small = onePass(source, ByteBuffer.allocate(room));
            assertEquals(SecurityStatus.SEC_E_INSUFFICIENT_BUFFERS, context.decryptMessage(small, 0));
            assertEquals(HELLO.length, small.get(1).length(), "how much room is needed");
        }
        ByteBuffer target = ByteBuffer.allocate(HELLO.length);
        SecBufferDesc message = onePass(source, target);

        assertEquals(SecurityStatus.SEC_E_OK, context.decryptMessage(message, 0));

        assertEquals(record.length, message.get(0).length());
        assertArrayEquals(HELLO, target.array());
        assertEquals(2, message.find(SecBufferType.EXTRA).length());
    }

    private static SecBufferDesc onePass(ByteBuffer source, ByteBuffer target) {
        SecBufferDesc message = new SecBufferDesc();
        message.add().set(SecBufferType.STREAM, source, 0, null, 0, source.limit());
        message.add().set(SecBufferType.DATA, null, 0, target, 0, target.remaining());
        message.add();
        message.add();
        return message;
    }

    private void assertReceived(byte[] record) throws SspiException {
        SecBufferDesc message = message(record, 3);
        assertEquals(SecurityStatus.SEC_E_OK, client.context().decryptMessage(message, 0));
        assertArrayEquals(HELLO, message.get(1).toByteArray());
        assertFalse(message.get(3).hasMemory());
    }

    private static SecBufferDesc layout(ByteBuffer memory, int header, int data, int trailer) {
        SecBufferDesc message = new SecBufferDesc();
        message.add(SecBufferType.STREAM_HEADER, memory, 5 - header, header);
        message.add(SecBufferType.DATA, memory, 5, data);
        message.add(SecBufferType.STREAM_TRAILER, memory, 5 + data, trailer);
        message.add();
        return message;
    }

    private static SecBufferDesc message(byte[] bytes, int empties) {
        SecBufferDesc message = new SecBufferDesc(new SecBuffer(SecBufferType.DATA, bytes));
        IntStream.range(0, empties).forEach(i -> message.add());
        return message;
    }

    private static void assertTypes(SecBufferDesc message, SecBufferType... types) {
        assertEquals(
                List.of(types),
                IntStream.range(0, message.count())
                        .mapToObj(i -> message.get(i).type())
                        .toList());
    }

    private static void assertLengths(SecBufferDesc message, int... lengths) {
        assertArrayEquals(
                lengths,
                IntStream.range(0, message.count())
                        .map(i -> message.get(i).length())
                        .toArray());
    }

    private static void assertStatus(SecurityStatus status, org.junit.jupiter.api.function.Executable call) {
        SspiException failure = assertThrows(SspiException.class, call);
        assertEquals(status, failure.status(), failure.getMessage());
        assertTrue(failure.alert().isEmpty(), "misuse tells the peer nothing");
    }
}
