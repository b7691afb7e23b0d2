#include "names.h"

#include <errno.h>

#define SAME(name) #name, name
