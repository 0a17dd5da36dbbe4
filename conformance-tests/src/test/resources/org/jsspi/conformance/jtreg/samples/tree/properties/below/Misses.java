/*
 * @test
 * @summary the nearer file has replaced the modules of the one above
 * @compile/fail Misses.java
 */
public class Misses {
    sun.security.util.DerValue value;
}
