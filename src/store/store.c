#include "moonsweep/store.h"
