package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/** supported_groups (RFC 8446 4.2.7): the groups that the sender can use, most preferred first. */
public record SupportedGroups(Codes groups) implements Extension {

    @Override
    public Shape<SupportedGroups> shape() {
        return Shape.SUPPORTED_GROUPS;
    }

    // struct { NamedGroup named_group_list<2..2^16-1>; } NamedGroupList;
    static SupportedGroups decode(Reader in) throws SspiException {
        return new SupportedGroups(Codes.decode(in.vector16(2, 0xFFFF)));
    }

    @Override
    public void encode(Writer out) {
        out.vector16(groups);
    }
}
