package org.jsspi.conformance.interop;

import java.lang.reflect.Method;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** Changes SSLParameters of engines, those of newer JDKs by reflection: the tests run on 17. */
final class Parameters {
    private static final Method SET_NAMED_GROUPS = method("setNamedGroups");
    private static final Method SET_SIGNATURE_SCHEMES = method("setSignatureSchemes");

    private Parameters() {}

    static void change(SSLEngine engine, Consumer<SSLParameters> change) {
        SSLParameters parameters = engine.getSSLParameters();
        change.accept(parameters);
        engine.setSSLParameters(parameters);
    }

    /** {@return true from JDK 20 on} */
    static boolean haveNamedGroups() {
        return SET_NAMED_GROUPS != null;
    }

    static void setNamedGroups(SSLParameters parameters, List<String> groups) {
        set(SET_NAMED_GROUPS, parameters, groups);
    }

    /** {@return true from JDK 19 on} */
    static boolean haveSignatureSchemes() {
        return SET_SIGNATURE_SCHEMES != null;
    }

    static void setSignatureSchemes(SSLParameters parameters, List<String> schemes) {
        set(SET_SIGNATURE_SCHEMES, parameters, schemes);
    }

    private static void set(Method setter, SSLParameters parameters, List<String> names) {
        try {
            setter.invoke(parameters, (Object) names.toArray(String[]::new));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Method method(String name) {
        try {
            return SSLParameters.class.getMethod(name, String[].class);
        } catch (NoSuchMethodException e) {
            return null;
        }
    }
}
