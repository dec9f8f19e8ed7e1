# Included by gRPC's own project() call (CMAKE_PROJECT_grpc_INCLUDE), so its sources stay as
# they are. The calls are made when its targets exist; what stands in them is read only then, when
# the folder of this file is known no more.
set(NSCP_GRPC_PCH "$<$<COMPILE_LANGUAGE:CXX>:${CMAKE_CURRENT_LIST_DIR}/grpc_pch.inc>")
cmake_language(DEFER CALL target_precompile_headers grpc PRIVATE ${NSCP_GRPC_PCH})
cmake_language(DEFER CALL target_precompile_headers grpc++ PRIVATE ${NSCP_GRPC_PCH})
