package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/** pre_shared_key of a ServerHello (RFC 8446 4.2.11): the place of the chosen identity in the client's list. */
public record PreSharedKeySelection(int selectedIdentity) implements Extension {

    @Override
    public Shape<PreSharedKeySelection> shape() {
        return Shape.PRE_SHARED_KEY_SELECTION;
    }

    // uint16 selected_identity;
    static PreSharedKeySelection decode(Reader in) throws SspiException {
        return new PreSharedKeySelection(in.u16());
    }

    @Override
    public void encode(Writer out) {
        out.u16(selectedIdentity);
    }
}
