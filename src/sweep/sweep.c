#include "moonsweep/sweep.h"
