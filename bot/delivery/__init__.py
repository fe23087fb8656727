"""What leaves for the platform: the shared access token now; ledger and planner later."""
