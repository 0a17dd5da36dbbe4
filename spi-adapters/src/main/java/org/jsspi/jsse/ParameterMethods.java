package org.jsspi.jsse;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import javax.net.ssl.SSLParameters;

/** The methods of SSLParameters that are younger than our baseline: signature schemes (19) and named groups (20). */
final class ParameterMethods {
    private static final MethodType GETTER = MethodType.methodType(String[].class);
    private static final MethodType SETTER = MethodType.methodType(void.class, String[].class);
    private static final MethodHandle GET_SIGNATURE_SCHEMES = find("getSignatureSchemes", GETTER);
    private static final MethodHandle SET_SIGNATURE_SCHEMES = find("setSignatureSchemes", SETTER);
    private static final MethodHandle GET_NAMED_GROUPS = find("getNamedGroups", GETTER);
    private static final MethodHandle SET_NAMED_GROUPS = find("setNamedGroups", SETTER);

    private ParameterMethods() {}

    /** {@return the signature schemes, or null for the default} */
    static String[] signatureSchemes(SSLParameters parameters) {
        return get(GET_SIGNATURE_SCHEMES, parameters);
    }

    static void setSignatureSchemes(SSLParameters parameters, String[] names) {
        set(SET_SIGNATURE_SCHEMES, parameters, names);
    }

    /** {@return the named groups, or null for the default} */
    static String[] namedGroups(SSLParameters parameters) {
        return get(GET_NAMED_GROUPS, parameters);
    }

    static void setNamedGroups(SSLParameters parameters, String[] names) {
        set(SET_NAMED_GROUPS, parameters, names);
    }

    private static MethodHandle find(String name, MethodType type) {
        try {
            return MethodHandles.publicLookup().findVirtual(SSLParameters.class, name, type);
        } catch (NoSuchMethodException | IllegalAccessException e) {
            return null;
        }
    }

    private static String[] get(MethodHandle getter, SSLParameters parameters) {
        try {
            return getter == null ? null : (String[]) getter.invokeExact(parameters);
        } catch (Throwable e) {
            throw new IllegalArgumentException("these parameters cannot be read", e);
        }
    }

    private static void set(MethodHandle setter, SSLParameters parameters, String[] names) {
        if (setter == null || names == null) {
            return;
        }
        try {
            setter.invokeExact(parameters, names);
        } catch (Throwable e) {
            throw new IllegalArgumentException("these parameters cannot be set", e);
        }
    }
}
