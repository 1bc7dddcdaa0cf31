# Home Assistant serves probatio under the name voluptuous: check against that.
from probatio import *
