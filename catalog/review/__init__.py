"""What keeps a wrong price out, and what a person does about one: guards, holds, corrections."""
