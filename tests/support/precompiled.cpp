// The other source of beckon_test_main: with it Catch2's header is compiled beforehand, which main.cpp itself cannot use.
