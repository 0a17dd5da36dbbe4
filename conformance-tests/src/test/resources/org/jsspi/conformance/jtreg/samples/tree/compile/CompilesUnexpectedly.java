/*
 * @test
 * @compile/fail CompilesUnexpectedly.java
 */
public class CompilesUnexpectedly {}
