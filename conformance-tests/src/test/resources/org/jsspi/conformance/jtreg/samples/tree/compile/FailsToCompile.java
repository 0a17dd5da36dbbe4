/*
 * @test
 * @compile/fail FailsToCompile.java
 */
public class FailsToCompile extends Nothing {}
