"""What keeps a child safe below the features: numbers, alarms, holds' periods, sign-offs."""
