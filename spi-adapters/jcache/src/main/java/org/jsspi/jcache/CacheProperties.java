package org.jsspi.jcache;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.spi.CachingProvider;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * Where {@link CacheTicketKeys#CacheTicketKeys()} finds its cache and its sealing key, for programs that cannot be changed: system
 * properties, or else security properties of the same names.
 *
 * <table>
 * <caption>Properties</caption>
 * <tr><th>property</th><th>value</th></tr>
 * <tr><td>{@code org.jsspi.jcache.keyFile}</td><td>the file with the sealing key: 32 random bytes, or their Base64; only the server may
 *   read it</td></tr>
 * <tr><td>{@code org.jsspi.jcache.provider}</td><td>the class of the CachingProvider [the only one on the class path]</td></tr>
 * <tr><td>{@code org.jsspi.jcache.uri}</td><td>the URI of its CacheManager [the provider's default]</td></tr>
 * <tr><td>{@code org.jsspi.jcache.cache}</td><td>the name of the cache, which is made if it is not there [org.jsspi.ticketKeys]</td></tr>
 * <tr><td>{@code org.jsspi.jcache.period}</td><td>for how many seconds one key seals [43200]</td></tr>
 * </table>
 */
public final class CacheProperties {
    private static final String PREFIX = "org.jsspi.jcache.";
    private static final int KEY_LENGTH = 32;

    private CacheProperties() {}

    static Cache<String, byte[]> cache() {
        String providerClass = property("provider", "");
        String uri = property("uri", "");
        String name = property("cache", "org.jsspi.ticketKeys");
        try {
            CachingProvider provider =
                    providerClass.isEmpty() ? Caching.getCachingProvider() : Caching.getCachingProvider(providerClass);
            CacheManager manager = uri.isEmpty()
                    ? provider.getCacheManager()
                    : provider.getCacheManager(URI.create(uri), provider.getDefaultClassLoader());
            Cache<String, byte[]> found = manager.getCache(name, String.class, byte[].class);
            return found != null ? found : create(manager, name);
        } catch (CacheException | IllegalArgumentException e) {
            throw new IllegalStateException("there is no cache \"" + name + "\" for ticket keys: " + e.getMessage(), e);
        }
    }

    private static Cache<String, byte[]> create(CacheManager manager, String name) {
        // What no server removes leaves by itself.
        var life = new javax.cache.expiry.Duration(
                TimeUnit.SECONDS, period().multipliedBy(4).toSeconds());
        try {
            return manager.createCache(
                    name,
                    new MutableConfiguration<String, byte[]>()
                            .setTypes(String.class, byte[].class)
                            .setStoreByValue(true)
                            .setExpiryPolicyFactory(CreatedExpiryPolicy.factoryOf(life)));
        } catch (CacheException e) {
            // Another server may have been faster.
            Cache<String, byte[]> found = manager.getCache(name, String.class, byte[].class);
            if (found == null) {
                throw e;
            }
            return found;
        }
    }

    static SecretKey sealingKey() {
        String file = property("keyFile", "");
        if (file.isEmpty()) {
            throw new IllegalStateException("ticket keys in a cache need a sealing key: property " + PREFIX
                    + "keyFile names no file with 32 random bytes");
        }
        byte[] content;
        try {
            content = Files.readAllBytes(Path.of(file));
        } catch (IOException e) {
            throw new IllegalStateException("the sealing key of ticket keys cannot be read from " + file, e);
        }
        byte[] key = content.length == KEY_LENGTH ? content : base64(content);
        try {
            if (key.length != KEY_LENGTH) {
                throw new IllegalStateException(
                        "the sealing key of ticket keys in " + file + " is not 32 bytes, nor the Base64 of 32 bytes");
            }
            return new SecretKeySpec(key, "AES");
        } finally {
            Arrays.fill(content, (byte) 0);
            Arrays.fill(key, (byte) 0);
        }
    }

    private static byte[] base64(byte[] text) {
        try {
            return Base64.getDecoder()
                    .decode(new String(text, StandardCharsets.ISO_8859_1)
                            .strip()
                            .getBytes(StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException notBase64) {
            return new byte[0];
        }
    }

    static Duration period() {
        String seconds = property("period", "43200");
        try {
            return Duration.ofSeconds(Long.parseLong(seconds));
        } catch (NumberFormatException e) {
            throw new IllegalStateException("property " + PREFIX + "period is no number of seconds: " + seconds, e);
        }
    }

    private static String property(String name, String standard) {
        String value = System.getProperty(PREFIX + name, Security.getProperty(PREFIX + name));
        return value == null || value.isBlank() ? standard : value.strip();
    }
}
