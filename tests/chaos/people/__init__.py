"""Those who come to us, one module for each way; they outlive every gateway."""
