// The interposed calls, for the tests of app too.
#include "../history/faulty_disk.cpp"  // NOLINT(bugprone-suspicious-include)
