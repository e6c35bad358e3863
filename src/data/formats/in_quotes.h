// in_quotes() under the name that the readers know it by. Any thread.
#pragma once

#include "base/outside_text.h"
