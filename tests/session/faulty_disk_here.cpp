// The interposed system calls, in this test program too.
#include "../history/faulty_disk.cpp"
