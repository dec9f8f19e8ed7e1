#include "workers/check_external_scripts/check_external_scripts.h"
#include "workers/sdk/run.h"

int main() {
  return nscp::sdk::RunModule(nscp::check_external_scripts::MakeCheckExternalScripts());
}
