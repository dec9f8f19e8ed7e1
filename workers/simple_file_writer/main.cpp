#include "workers/sdk/run.h"
#include "workers/simple_file_writer/simple_file_writer.h"

int main() {
  return nscp::sdk::RunModule(nscp::simple_file_writer::MakeSimpleFileWriter());
}
