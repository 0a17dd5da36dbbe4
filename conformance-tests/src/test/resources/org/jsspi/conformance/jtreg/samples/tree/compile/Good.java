/*
 * @test
 * @compile Good.java
 */
public class Good {}
