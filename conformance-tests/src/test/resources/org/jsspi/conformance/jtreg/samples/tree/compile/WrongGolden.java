/*
 * @test
 * @compile/fail/ref=Golden.out -XDrawDiagnostics WrongGolden.java
 */
class WrongGolden extends Nothing {}
