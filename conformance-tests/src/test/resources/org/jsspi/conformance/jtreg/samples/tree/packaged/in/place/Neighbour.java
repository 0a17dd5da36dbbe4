package in.place;

class Neighbour {
    static void greet() {}
}
