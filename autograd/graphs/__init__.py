"""A recorded graph, read: step by step, call by call, module by module, or run again."""
