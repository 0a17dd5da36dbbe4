/*
 * @test
 * @compile/fail/ref=Golden.out -XDrawDiagnostics Golden.java
 */
class Golden {
    int number = "text";
}
