#include "moonsweep/train.h"
