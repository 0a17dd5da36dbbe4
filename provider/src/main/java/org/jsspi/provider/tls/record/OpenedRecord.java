package org.jsspi.provider.tls.record;

import java.nio.ByteBuffer;
import org.jsspi.provider.tls.message.ContentType;

/**
 * What {@link RecordReader#open(org.jsspi.SecBufferDesc)} found in the last record. One object serves every record of a
 * reader.
 */
public final class OpenedRecord {
    private ContentType type;
    private int contentLength;
    private int recordLength;
    private ByteBuffer record;

    OpenedRecord() {}

    /** {@return what the record carried} */
    public ContentType type() {
        return type;
    }

    /** {@return the length of the content in bytes; application data lies in the DATA buffers of the list} */
    public int contentLength() {
        return contentLength;
    }

    /** {@return the length of the whole record as it was on the wire, in bytes} */
    public int recordLength() {
        return recordLength;
    }

    /**
     * {@return for everything but application data: the content behind a clear header of its type, read-only, in memory that
     * nothing else writes to; for application data null}
     */
    public ByteBuffer record() {
        return record;
    }

    /** {@return byte {@code index} of content that is not application data, 0 to 255} */
    public int contentByte(int index) {
        return record.get(RecordFormat.HEADER + index) & 0xFF;
    }

    void applicationData(int length, int wholeLength) {
        // Stored only where they change: a reference costs a collector's barrier, and this is called for every record.
        if (type != ContentType.APPLICATION_DATA) {
            type = ContentType.APPLICATION_DATA;
            record = null;
        }
        contentLength = length;
        recordLength = wholeLength;
    }

    /** Keeps a copy of the content. */
    void keep(ContentType contentType, byte[] content, int offset, int length, int wholeLength) {
        byte[] copy = new byte[RecordFormat.HEADER + length];
        copy[0] = (byte) contentType.code();
        copy[1] = 3;
        copy[2] = 3;
        copy[3] = (byte) (length >>> 8);
        copy[4] = (byte) length;
        System.arraycopy(content, offset, copy, RecordFormat.HEADER, length);
        type = contentType;
        contentLength = length;
        recordLength = wholeLength;
        record = ByteBuffer.wrap(copy).asReadOnlyBuffer();
    }
}
