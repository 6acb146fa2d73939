/// The businesses of every run: they differ in how long they keep.
#pragma once

#include "model/tenant_settings.hpp"

#include <vector>

namespace assistly::simulation {

std::vector<tenant_plan> business_plans();

} // namespace assistly::simulation
