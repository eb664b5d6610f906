#include "app/server.hpp"

int main(int argc, char** argv) {
  return hydrant::app::run_command_line(argc, argv);
}
